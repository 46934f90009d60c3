A (void) => (void);
