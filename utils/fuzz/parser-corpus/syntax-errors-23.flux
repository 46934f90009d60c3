include <stdio.h>;
