// A comment; source X => Y;
include "web.h"; /* over
two lines; */ typedef hit TestInCache;
Listen () => (int socket);
Find (int socket, const struct image_tag *error, std::pair<int> p) -> (uint32_t int32);
source Listen {session: PeerOf} => Page;
source (int a) => ();
Page = Read -> (Find -> Get) -> Reply; // the chain
Get:[_, *, hit] =
  Load -> source;
constraint Load:{cache?, disk!, peer(session)};
atomic Find:{session};
handle error Page -> Load => NotFound;
blocking Load, Read; nonblocking Find;
