source Listen => ;
