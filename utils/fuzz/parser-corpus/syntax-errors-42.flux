handle error A => ;
