handle error => H;
