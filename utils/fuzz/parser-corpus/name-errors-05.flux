blocking Read;
