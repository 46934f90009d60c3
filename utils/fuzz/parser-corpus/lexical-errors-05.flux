A (int a) => (int a);\
