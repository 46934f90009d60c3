source Listen {Sid} => Page;
