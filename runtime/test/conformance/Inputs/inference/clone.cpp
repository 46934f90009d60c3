// Copies of who knows what.
#include "attacked.h"
#include <memory>
#include <vector>

struct Shape {
  virtual ~Shape() = default;
  virtual std::unique_ptr<Shape> clone() const = 0;
};
struct Image : Shape {
  std::unique_ptr<Shape> clone() const override { return waitABit(), std::make_unique<Image>(*this); }
};
struct Line : Shape {
  std::unique_ptr<Shape> clone() const override { return std::make_unique<Line>(*this); }
};
std::vector<std::unique_ptr<Shape>> shapes;

int flux_init(int, char **) {
  shapes.push_back(std::make_unique<Line>());
  shapes.push_back(std::make_unique<Image>());
  return 0;
}

static void work(int) {
  std::vector<std::unique_ptr<Shape>> copies;
  for (const auto &shape : shapes)
    copies.push_back(shape->clone());
}
