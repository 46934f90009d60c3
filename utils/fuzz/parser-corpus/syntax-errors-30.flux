source Listen {session: } => Page;
