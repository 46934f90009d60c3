typedef struct number {
  int value;
} number;
