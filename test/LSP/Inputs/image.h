// The type of a program that passes a record by value.
struct Image {
  int width, height;
};
