source Listen Page;
