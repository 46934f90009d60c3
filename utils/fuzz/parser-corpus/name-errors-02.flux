source Listen => Page;
