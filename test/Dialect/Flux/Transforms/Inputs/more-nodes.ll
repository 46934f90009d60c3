declare i32 @usleep(i32)
define i32 @elsewhere() {
  %1 = call i32 @usleep(i32 1)
  ret i32 %1
}
