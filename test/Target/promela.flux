// RUN: flux-translate --flux-to-promela %s | FileCheck %s
// RUN: flux-translate --flux-to-promela --flows=1 %s | FileCheck %s --check-prefix=ONE
// RUN: flux-translate --flux-to-promela --flows=1 --sessions=5 %s | FileCheck %s --check-prefix=SESSIONS
// RUN: flux-opt --flux-assign-lock-order %s | flux-translate --flux-to-promela - | FileCheck %s

Listen () => (int fd);
Read (int fd) => (int fd);
Parse (int fd) => (int fd);
Store (int fd) => (int fd);
Send (int fd) => ();
typedef odd IsOdd;

// One process for each flow of each source, and of a flow that nothing starts. A session lock is one for each session.
// CHECK: #define PROCESSES 4
// CHECK: #define SESSIONS 3
// CHECK: #define LOCKS 6
// ONE: #define PROCESSES 2
// ONE: #define SESSIONS 2
// ONE: #define LOCKS 5
// SESSIONS: #define SESSIONS 5
// SESSIONS: #define LOCKS 8
// CHECK: #define lock_table 0
// CHECK: #define lock_cache 1
// CHECK: #define lock_peer (2 + session)
// CHECK: #define lock_log 5

// Only flows that lead to a handler are watched.
// CHECK: byte back[2];
// CHECK: bool in_flow_Page;
// CHECK-NOT: bool in_

// The session is chosen once the source has given the flow its input. A node of a source can fail, but takes no locks.
// CHECK:      start_0: // source Listen => Page
// CHECK-NEXT:   select(session : 0 .. SESSIONS - 1);
// CHECK-NEXT:   back[top] = 0; top++; goto flow_Page;
// CHECK-NEXT: back_0:
// CHECK-NEXT:   goto over;
// CHECK:      start_1: // flow Other
source Listen {session: SessionOf} => Page;

// Nodes in a row fail in one place; one with handlers has a place of its own.
// CHECK:      flow_Page: // Page
// CHECK-NEXT:   in_flow_Page = true;
// CHECK-NEXT:   if // Parse, Parse
// CHECK-NEXT:   :: true
// CHECK-NEXT:   :: true ->
// CHECK-NEXT:     release_all();
// CHECK-NEXT:     goto flow_Page_fails;
// CHECK-NEXT:   fi;
// CHECK-NEXT:   if // Read
// CHECK-NEXT:   :: true
// CHECK-NEXT:   :: true ->
// CHECK-NEXT:     release_all();
// CHECK-NEXT:     if :: in_flow_Page -> goto handler_0 :: else fi;
// CHECK-NEXT:     goto handler_1;
// CHECK-NEXT:   fi;
// CHECK-NEXT:   back[top] = 2; top++; goto flow_Fetch;
// CHECK-NEXT: failed_2:
// CHECK-NEXT:   goto handler_2;
// CHECK-NEXT: back_2:
Page = Parse -> Parse -> Read -> Fetch -> Send;

// One lock after the other, in the order that the compiler gives them, and others may come before each.
// CHECK:      flow_Fetch: // Fetch
// CHECK-NEXT:   skip }; atomic { printf("flow %d in Fetch: write cache\n", _pid); acquire(lock_cache, true);
// CHECK-NEXT:   skip }; atomic { printf("flow %d in Fetch: read table\n", _pid); acquire(lock_table, false);
// CHECK-NEXT:   if
// CHECK-NEXT:   :: true -> goto case_0_0
// CHECK-NEXT:   :: true -> release_all(); goto flow_Fetch_fails
// CHECK-NEXT:   fi;
// CHECK-NEXT: case_0_0:
// CHECK-NEXT:   skip }; atomic {{.*}} acquire(lock_peer, true);
// CHECK:        release(lock_peer);
// CHECK-NEXT:   goto after_0;
// CHECK-NEXT: after_0:
// CHECK-NEXT:   release(lock_cache);
// CHECK-NEXT:   release(lock_table);
// CHECK-NEXT:   goto flow_Fetch_ends;
Fetch:[odd] = Store;
constraint Fetch:{table?, cache};
constraint Store:{peer(session)};

// CHECK: flow_Other: // Other
Other (int fd) => ();
Other = Fetch -> Send;

// Flows go back to whoever called them, and fail to whatever handles that.
// CHECK:      flow_Page_ends:
// CHECK-NEXT:   in_flow_Page = false;
// CHECK-NEXT:   top--;
// CHECK:      flow_Fetch_ends:
// CHECK-NEXT:   top--;
// CHECK-NEXT:   if
// CHECK-NEXT:   :: back[top] == 2 -> back[top] = 0; goto back_2
// CHECK-NEXT:   :: back[top] == 3 -> back[top] = 0; goto back_3
// CHECK-NEXT:   fi;
// CHECK:      flow_Fetch_fails:
// CHECK:        :: back[top] == 2 -> back[top] = 0; goto failed_2
// CHECK-NEXT:   :: back[top] == 3 -> back[top] = 0; goto failed_3

// CHECK:      handler_0: // Lost
// CHECK-NEXT:   goto over;
// CHECK:      handler_1: // BadRequest
// CHECK:        acquire(lock_log, true)
// CHECK-NEXT:   release(lock_log);
// CHECK-NEXT:   goto over;
handle error Page -> Read => Lost;
handle error Read => BadRequest;
handle error Fetch => Failed;
constraint BadRequest:{log};

// CHECK:      init {
// CHECK-COUNT-2: run Flow(0);
// CHECK-COUNT-2: run Flow(1);
