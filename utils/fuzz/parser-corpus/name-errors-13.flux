typedef odd IsOdd;
typedef odd IsEven;
