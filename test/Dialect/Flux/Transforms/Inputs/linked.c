// Objects of which there is only machine code.
unsigned long strlen(const char *text) { return *text; }
int shared_inline(void) { return 1; }
void register_printf_specifier(void);
void use_it(void) { register_printf_specifier(); }
