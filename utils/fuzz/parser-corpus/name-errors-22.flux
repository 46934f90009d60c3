while (int a) => (int a);
class (int a) => (int a);
F = while -> class;
typedef odd operator;
handle error F => delete;
