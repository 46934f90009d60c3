; What a program may have of its own in a library's place, or tell the library.
declare i32 @usleep(i32)
declare i32 @register_printf_specifier(i32, ptr, ptr)
declare void @_ZSt13set_terminatePFvvE(ptr)

define ptr @_Znwm(i64 %size) {
  %1 = call i32 @usleep(i32 1)
  ret ptr null
}
define i64 @strlen(ptr %text) {
  %1 = call i32 @usleep(i32 1)
  ret i64 0
}
define i32 @flux_init() {
  %1 = call i32 @register_printf_specifier(i32 89, ptr null, ptr null)
  call void @_ZSt13set_terminatePFvvE(ptr null)
  ret i32 0
}
