blocking A, ;
