// The object file: position independent, with line tables that point into this file, for either target.

// RUN: flux-translate --flux-to-object %s -o %t.o
// RUN: llvm-readelf -h %t.o | FileCheck %s --check-prefix=ELF
// ELF: Type: REL
// ELF: Machine: Advanced Micro Devices X86-64

// The descriptor is all that it defines for others; nodes and entry points are what it needs.
// RUN: llvm-nm -g %t.o | FileCheck %s --check-prefix=SYMBOLS
// SYMBOLS-DAG: U Read
// SYMBOLS-DAG: U Reply
// SYMBOLS-DAG: U flux_ir_fail
// SYMBOLS-DAG: D flux_ir_program
// SYMBOLS-NOT: {{ [TR] }}

// Code refers to functions through the PLT, and the tables of the descriptor are relocated before they become read-only:
// position-independent executables and shared libraries take it.
// RUN: llvm-readelf -SrW %t.o | FileCheck %s --check-prefix=PIC
// PIC: .data.rel.ro
// PIC: .rela.text
// PIC: R_X86_64_PLT32 {{.*}} Read
// RUN: clang-22 -fuse-ld=lld -shared -Wl,-z,text %t.o -o %t.so

// RUN: llvm-dwarfdump --debug-line %t.o | FileCheck %s --check-prefix=LINES
// LINES: name: "object.flux"
// LINES: Address Line Column
// LINES: {{^0x[0-9a-f]+ +}}[[#PAGE:]]
// RUN: llvm-dwarfdump --debug-info %t.o | FileCheck %s --check-prefix=INFO
// INFO: DW_AT_name ("object.flux")
// INFO: DW_TAG_subprogram
// INFO: DW_AT_name ("flux.run.0")

// Unwind tables are there, since C++ exceptions, profilers and debuggers cross flow functions.
// RUN: llvm-readelf -SW %t.o | FileCheck %s --check-prefix=UNWIND
// UNWIND: .eh_frame

// RUN: flux-translate --flux-to-object --target=aarch64-linux-gnu %s -o %t.aarch64.o
// RUN: llvm-readelf -hrW %t.aarch64.o | FileCheck %s --check-prefix=AARCH64
// AARCH64: Machine: AArch64
// AARCH64: R_AARCH64_CALL26 {{.*}} Read

// Without optimisation, too.
// RUN: flux-translate --flux-to-object --opt=0 %s -o %t.o0.o && llvm-nm %t.o0.o | FileCheck %s --check-prefix=O0
// O0: t flux.flow.Page

Listen () => (int socket);
Read (int socket) => (int socket);
Reply (int socket) => ();
source Listen => Page;
Page =
  Read ->
  Reply;
