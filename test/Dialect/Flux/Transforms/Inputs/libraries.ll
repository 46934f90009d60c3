; What the C and C++ libraries call back, and names that need not be theirs, by hand.
declare i32 @usleep(i32)
declare i64 @strlen(ptr)
declare i32 @snprintf(ptr, i64, ptr, ...)
declare void @exit(i32)
declare void @qsort_r(ptr, i64, i64, ptr, ptr)
declare ptr @_Znwm(i64)
declare ptr @malloc(i64)
declare i32 @__gxx_personality_v0(...)
declare void @__cxa_end_catch()
declare void @__cxa_throw(ptr, ptr, ptr)
declare void @_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(ptr)
declare void @_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_appendEPKcm(ptr, ptr, i64)
declare void @_ZSt9terminatev()
declare i32 @flux_snapshot(ptr, i64)
declare i32 @flux_replica()

; Any of the functions that the call passes.
define internal i32 @slow(ptr %a, ptr %b, ptr %more) {
  %1 = call i32 @usleep(i32 1)
  ret i32 0
}
define internal i32 @quick(ptr %a, ptr %b, ptr %more) {
  ret i32 0
}
define i32 @SortSlowly(ptr %in) {
  call void @qsort_r(ptr %in, i64 1, i64 1, ptr @slow, ptr @quick)
  ret i32 0
}
define i32 @SortQuickly(ptr %in) {
  call void @qsort_r(ptr %in, i64 1, i64 1, ptr @quick, ptr @slow)
  ret i32 0
}

; The exception that ends may be any.
define internal void @slow_destructor(ptr %e) {
  %1 = call i32 @usleep(i32 1)
  ret void
}
define i32 @Throw(ptr %e) {
  call void @__cxa_throw(ptr %e, ptr null, ptr @slow_destructor)
  unreachable
}
define i32 @Catch() {
  call void @__cxa_end_catch()
  ret i32 0
}
define i32 @Forget(ptr %e) {
  call void @_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(ptr %e)
  ret i32 0
}

define i32 @Leave() {
  call void @exit(i32 1)
  unreachable
}
define i32 @Print(ptr %in) {
  %1 = call i32 (ptr, i64, ptr, ...) @snprintf(ptr %in, i64 8, ptr %in)
  ret i32 0
}
define i32 @Allocate() {
  %1 = call ptr @_Znwm(i64 8)
  ret i32 0
}
define i32 @Append(ptr %in) {
  call void @_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_appendEPKcm(ptr %in, ptr %in, i64 1)
  ret i32 0
}
define i32 @Measure(ptr %in) {
  %1 = call i64 @strlen(ptr %in)
  ret i32 0
}
define i32 @Give() {
  call void @_ZSt9terminatev()
  unreachable
}
define i32 @Look(ptr %in) {
  %1 = call i32 @flux_snapshot(ptr %in, i64 8)
  %2 = call i32 @flux_replica()
  ret i32 0
}

; A function of the program's own may be called `operator new`, or return what the library defines.
declare ptr @_ZnwmR5Arena(i64, ptr)
declare void @_ZN4mine6formatIiEENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEv(ptr)
define i32 @Place(ptr %in) {
  %1 = call ptr @_ZnwmR5Arena(i64 8, ptr %in)
  ret i32 0
}
define i32 @Format(ptr %in) {
  call void @_ZN4mine6formatIiEENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEv(ptr %in)
  ret i32 0
}

; Of a weak alias, and of what is there for the optimiser alone, the linker decides.
@hook = weak alias i32 (ptr, ptr, ptr), ptr @quick
@other_name = alias i32 (ptr, ptr, ptr), ptr @slow
define i32 @Hook(ptr %in) {
  %1 = call i32 @hook(ptr %in, ptr %in, ptr %in)
  ret i32 0
}
define i32 @OtherName(ptr %in) {
  %1 = call i32 @other_name(ptr %in, ptr %in, ptr %in)
  ret i32 0
}
define available_externally i32 @seems_quick() {
  ret i32 0
}
define i32 @Seems() {
  %1 = call i32 @seems_quick()
  ret i32 0
}
define linkonce_odr i32 @shared_inline() {
  ret i32 0
}
define i32 @Inline() {
  %1 = call i32 @shared_inline()
  ret i32 0
}
define weak i32 @WeakNode() {
  ret i32 0
}

; The guard of the runtime does not see into functions that deny to read memory.
define internal i32 @denies(ptr %in) memory(none) {
  %1 = call i32 (ptr, i64, ptr, ...) @snprintf(ptr %in, i64 8, ptr %in)
  ret i32 0
}
define i32 @Deny(ptr %in) {
  %1 = call i32 @denies(ptr %in)
  ret i32 0
}
