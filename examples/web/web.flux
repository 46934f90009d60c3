// A web server for static files. One flow is one request; a connection brings many, one after the other.
include "web.h";

typedef fresh IsFresh;

Listen () => (int socket);
Page (int socket) => ();
ReadRequest (int socket) => (int socket, bool close, char *request);
ReadWrite (int socket, bool close, char *file)
  => (int socket, bool close, int64_t length, char *content, char *output);
CheckCache (int socket, bool close, char *file) => (int socket, bool close, char *file, Document *document);
Fetch (int socket, bool close, char *file, Document *document)
  => (int socket, bool close, char *file, Document *document);
ReadFile (int socket, bool close, char *file, Document *document)
  => (int socket, bool close, char *file, Document *document);
StoreInCache (int socket, bool close, char *file, Document *document)
  => (int socket, bool close, char *file, Document *document);
Compose (int socket, bool close, char *file, Document *document)
  => (int socket, bool close, int64_t length, char *content, char *output);
Reply (int socket, bool close, int64_t length, char *content, char *output) => ();

source Listen {session: PollerOf} => Page;
Page = ReadRequest -> ReadWrite -> Reply;
ReadWrite = CheckCache -> Fetch -> Compose;
Fetch:[_, _, _, fresh] = ;
Fetch:[_, _, _, _] = ReadFile -> StoreInCache;

// Each thread that runs Listen has a cache of its own, for the requests that it starts. Any number of them look a document up
// at once; storing one excludes them for a moment.
constraint CheckCache:{cache?(session)};
constraint StoreInCache:{cache(session)};

// It waits for the disk, in system calls that no runtime sees.
blocking ReadFile;

handle error ReadWrite => FourOhFor;
handle error ReadRequest => BadRequest;
