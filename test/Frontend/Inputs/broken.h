struct point {
  shrot x, y;
};
int f(;
