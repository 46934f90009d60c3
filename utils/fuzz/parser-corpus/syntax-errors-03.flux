Listen;
