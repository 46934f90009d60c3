; What a compiler makes of nodes, by hand.
declare i32 @fsync(i32)
declare i64 @read(i32, ptr, i64)
declare i32 @mystery()
declare i64 @strlen(ptr)
declare ptr @malloc(i64)
declare double @cbrt(double)
declare double @cube(double) #0
declare void @qsort(ptr, i64, i64, ptr)
declare void @_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_appendEPKcm(ptr, ptr, i64)
declare void @_ZN3Map4findEi(ptr, i32)
attributes #0 = { memory(none) }

define i32 @Quiet(ptr %in) {
  %1 = call i64 @strlen(ptr %in)
  %2 = call ptr @malloc(i64 %1)
  %3 = call double @cbrt(double 1.0)
  call void @_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_appendEPKcm(ptr %2, ptr %in, i64 %1)
  call void asm sideeffect "", "~{memory}"()
  call void @llvm.memset.p0.i64(ptr %2, i8 0, i64 %1, i1 false)
  %4 = call i32 @Recursive(i32 3)
  ret i32 0
}
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

define internal i32 @Recursive(i32 %n) {
  %1 = call i32 @Recursive(i32 %n)
  ret i32 %1
}

; The shortest chain is what counts, and what is known to block before what is not known.
define i32 @Store(ptr %in) {
  %1 = call i32 @mystery()
  %2 = call i32 @save_twice()
  %3 = call i32 @save()
  ret i32 0
}
define internal i32 @save_twice() {
  %1 = call i32 @save()
  ret i32 0
}
define i32 @save() !dbg !5 {
  %1 = call i32 @fsync(i32 1), !dbg !8
  ret i32 %1
}

; The end of the process keeps nobody waiting, what is said before may.
declare i32 @puts(ptr)
declare void @abort() noreturn
define i32 @Assert(ptr %in) {
  %1 = icmp eq ptr %in, null
  br i1 %1, label %bad, label %good
bad:
  %2 = call i32 @puts(ptr %in)
  call void @abort()
  unreachable
good:
  ret i32 0
}

define i32 @Abort() {
  call void @abort()
  unreachable
}

; Attributes are only somebody's word.
define i32 @Declared() {
  %1 = call double @cube(double 1.0)
  ret i32 0
}

define i32 @Ask(ptr %in) {
  %1 = call i32 @mystery()
  ret i32 %1
}

define i32 @Find(ptr %in) {
  call void @_ZN3Map4findEi(ptr %in, i32 1)
  ret i32 0
}

define i32 @Through(ptr %in) {
  %f = load ptr, ptr %in
  %1 = call i32 %f()
  ret i32 %1
}

define i32 @Assembly(ptr %in) {
  call void asm sideeffect "syscall", ""()
  ret i32 0
}

define i32 @Sort(ptr %in) {
  call void @qsort(ptr %in, i64 1, i64 1, ptr @compare)
  ret i32 0
}
define internal i32 @compare(ptr %a, ptr %b) {
  ret i32 0
}
define i32 @SortBy(ptr %in, ptr %by) {
  call void @qsort(ptr %in, i64 1, i64 1, ptr %by)
  ret i32 0
}

define weak i32 @Replaced() {
  ret i32 0
}
define i32 @Weak() {
  %1 = call i32 @Replaced()
  ret i32 0
}

; Code in another file counts.
declare i32 @elsewhere()
define i32 @Elsewhere() {
  %1 = call i32 @elsewhere()
  ret i32 0
}

define i32 @Promised(ptr %in) {
  %1 = call i64 @read(i32 0, ptr %in, i64 1)
  ret i32 0
}

define i8 @IsHit(i32 %a) {
  ret i8 0
}
define void @Log(ptr %in, i32 %error) {
  %1 = call i64 @read(i32 0, ptr %in, i64 1)
  ret void
}

!llvm.module.flags = !{!0}
!llvm.dbg.cu = !{!1}
!0 = !{i32 2, !"Debug Info Version", i32 3}
!1 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: LineTablesOnly)
!2 = !DIFile(filename: "store.c", directory: "/somewhere")
!3 = !DISubroutineType(types: !4)
!4 = !{}
!5 = distinct !DISubprogram(name: "save", file: !2, line: 10, type: !3, unit: !1, spFlags: DISPFlagDefinition)
!8 = !DILocation(line: 12, column: 3, scope: !5)
