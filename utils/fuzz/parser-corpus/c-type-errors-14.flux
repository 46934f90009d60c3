A (std:: *a) => ();
