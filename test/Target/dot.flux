// RUN: flux-translate --flux-to-dot %s | FileCheck %s
// RUN: %if dot %{ flux-translate --flux-to-dot %s | dot -Tsvg | FileCheck %s --check-prefix=SVG %}

// The drawing: a cluster for each flow, constraints in the nodes, patterns on edges, dotted edges to handlers.

// SVG: <svg
// SVG-DAG: cluster Page
// SVG-DAG: cluster Choose
// SVG-DAG: [_, hit]
// SVG: </svg>

// CHECK: digraph "dot" {
typedef hit IsHit;
Listen () => (int socket);
Read (int socket) => (int socket, int kind);
Load (int socket, int kind) => (int socket, int kind);
Write (int socket, int kind) => ();

source Listen { session: PeerOf } => Page;
Page = Read -> Choose -> Write;
Choose:[_, hit] = ;
Choose:[_, _] = Load;
constraint Load:{cache};
constraint Write:{log?, peer(session)};
handle error Write => Lost;
handle error Page -> Read => Bad;
constraint Choose:{table};
constraint Lost:{log};

Other () => (int socket, int kind);
Third () => (int socket, int kind);
Plain (int socket, int kind) => ();
handle error Plain => Bad2;
Begin = Third;
handle error Other => Lost2;
handle error Begin => Late;
source Other {session: PeerOf2} => Plain;
source Third {session: PeerOf2} => Write;
source Begin {session: PeerOf2} => Alone;
Alone = Write;
handle error Alone => Gone;

// What runs, with its constraint, and then what follows what; handlers stand in the flow whose errors they take.
// CHECK:      subgraph "cluster Page" {
// CHECK-NEXT:   label="Page";
// CHECK-NEXT:   "flow Page" [shape=point
// CHECK-NEXT:   "[[READ:Page Read 0]]" [label="Read"];
// CHECK-NEXT:   "handler Bad Page" [label="Bad", shape=octagon
// CHECK-NEXT:   "[[CHOOSE:Page Choose 1]]" [label="Choose", shape=cds
// CHECK-NEXT:   "[[WRITE:Page Write 2]]" [label="Write\n{log?, peer!(session)}", fillcolor
// CHECK-NEXT:   "handler Lost Page" [label="Lost\n{log!}", shape=octagon
// CHECK-NEXT:   "flow Page" -> "[[READ]]";
// CHECK-NEXT:   "[[READ]]" -> "handler Bad Page" [style=dotted{{.*}}, label="in Page"];
// CHECK-NEXT:   "[[READ]]" -> "[[CHOOSE]]";
// CHECK-NEXT:   "[[CHOOSE]]" -> "[[WRITE]]";
// CHECK-NEXT:   "[[WRITE]]" -> "handler Lost Page" [style=dotted
// CHECK-NEXT: }

// A case is an edge with its pattern. One that calls nothing leads to the end of the flow. A constraint around more than
// one call is a box, and what leads into it comes from outside.
// CHECK:      subgraph "cluster Choose" {
// CHECK:        "flow Choose" [shape=point
// CHECK-NEXT:   subgraph "cluster Choose 3" {
// CHECK-NEXT:     label="{table!}"
// CHECK-NEXT:     "[[CASES:Choose dispatch 4]]" [shape=diamond
// CHECK-NEXT:     "[[LOAD:Choose Load 5]]" [label="Load\n{cache!}"
// CHECK-NEXT:   }
// CHECK-NEXT:   "end Choose" [shape=doublecircle
// CHECK-NEXT:   "flow Choose" -> "[[CASES]]";
// CHECK-NEXT:   "[[CASES]]" -> "[[LOAD]]" [label="[_, _]"];
// CHECK-NEXT:   "[[CASES]]" -> "end Choose" [label="[_, hit]"];
// CHECK-NEXT:   "[[LOAD]]" -> "end Choose";
// CHECK-NEXT: }

// CHECK:      subgraph "cluster Begin" {
// CHECK:        "flow Begin" -> "handler Late Begin" [style=dotted

// The flow around a constrained node that a source starts bears the node's name.
// CHECK: subgraph "cluster Write.flow" {
// CHECK-NEXT: label="Write"

// A flow that is a source, or that one starts, has its handlers at its entry, a node has them beside it.
// CHECK:      subgraph "cluster Alone" {
// CHECK:        "flow Alone" -> "handler Gone Alone"

// Sources and what they start, then flows and those that call them.
// CHECK:      "source Listen" -> "flow Page" [penwidth=2, label="session PeerOf"];
// CHECK:      "source Other" [label="Other", shape=invhouse
// CHECK-NEXT: "handler Lost2 " [label="Lost2", shape=octagon
// CHECK-NEXT: "node Plain" [label="Plain"];
// CHECK-NEXT: "handler Bad2 " [label="Bad2", shape=octagon
// CHECK-NEXT: "source Other" -> "handler Lost2 " [style=dotted
// CHECK-NEXT: "node Plain" -> "handler Bad2 " [style=dotted
// CHECK-NEXT: "source Other" -> "node Plain" [penwidth=2, label="session PeerOf2"];
// CHECK:      "source Third" -> "flow Write.flow"
// CHECK:      "[[CHOOSE]]" -> "flow Choose" [style=dashed{{.*}}, lhead="cluster Choose"];
// CHECK-NEXT: "source Begin" -> "flow Begin" [style=dashed{{.*}}, lhead="cluster Begin"];
