// RUN: flux-translate --flux-to-source %s | FileCheck %s --match-full-lines --strict-whitespace
// RUN: flux-opt %s --flux-assign-lock-order | flux-translate --flux-to-source - | FileCheck %s --check-prefix=RANKED

typedef odd IsOdd;

// Nodes have their signatures, in the program's own spelling of types, and what is said of blocking.
//      CHECK:typedef odd IsOdd;
// CHECK-EMPTY:
// CHECK-NEXT:Accept () => (int fd);
// CHECK-NEXT:Read (int fd) => (uint32_t size, const char *text);
// CHECK-NEXT:blocking Read;
// CHECK-NEXT:Load (uint32_t size, const char *text) => (uint32_t size, const char *text);
// CHECK-NEXT:nonblocking Load;
// CHECK-NEXT:Send (unsigned int size, const char *text) => ();
Accept () => (int fd);
Read (int fd) => (uint32_t size, char const *text);
blocking Read;
Load (uint32_t size, const char *text) => (uint32_t size, const char *text);
Send (unsigned int size, const char *text) => ();
nonblocking Load;

// A flow has one only if its chain would give it other types or names.
// CHECK-EMPTY:
// CHECK-NEXT:Page = Read -> Fetch -> Send;
// CHECK-NEXT:Fetch:[odd, _] = ;
// CHECK-NEXT:Fetch:[_, _] = Load -> Load;
// CHECK-NEXT:Other (int socket) => ();
// CHECK-NEXT:Other = Page;
// CHECK-NEXT:Lone = Send;
// CHECK-NEXT:Nested = Load -> Send;
Page (int fd) => ();
Page = (Read -> Fetch) -> Send;
Fetch:[odd, *] = ;
Fetch:[_, _] = Load -> Load;
Other (int socket) => ();
Other = Page;
Lone = Send;
Nested = Load -> Send;

// The flow that the importer makes around a constrained node is folded into its source again.
// CHECK-EMPTY:
// CHECK-NEXT:source Accept {session: SessionOf} => Page;
// CHECK-NEXT:source Accept => Other;
source Accept {session: SessionOf} -> Page;
source Accept => Other;

// CHECK-EMPTY:
// CHECK-NEXT:handle error Page -> Read => Lost;
// CHECK-NEXT:handle error Page => Failed;
handle error Page -> Read -> Lost;
handle error Page => Failed;

// Constraints mention the locks in the order of the program, in parts if they have to. What is around the only node of a
// flow is the flow's if the node does without elsewhere.
// CHECK-EMPTY:
// CHECK-NEXT:constraint Load:{z};
// CHECK-NEXT:constraint Page:{a?, z};
// CHECK-NEXT:constraint Nested:{log};
// CHECK-NEXT:constraint Accept:{backlog};
// CHECK-NEXT:constraint Load:{log};
// CHECK-NEXT:constraint Lone:{a};
// CHECK-NEXT:constraint Lost:{log?};
//  CHECK-NOT:{{.}}
constraint Load:{z};
constraint Page:{a?, z};
constraint Lost:{log?};
atomic Load:{log};
constraint Nested:{log};
constraint Lone:{a};
constraint Accept:{backlog};

// Ranks are the compiler's. A lock that it takes early is said where it is taken early.
// RANKED-NOT: rank
// RANKED:     constraint Page:{a?, z, log};
