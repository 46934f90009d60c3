source Listen {session: Sid => Page;
