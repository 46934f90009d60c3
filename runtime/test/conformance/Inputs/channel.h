/* What the channel of channel.flux carries. */
typedef struct Item {
  int kind, number;
} Item;
