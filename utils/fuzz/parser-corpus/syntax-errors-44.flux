nonblocking A B;
