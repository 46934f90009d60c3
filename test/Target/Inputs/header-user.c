// Uses every declaration of the header, twice included.
#include "header.flux.h"
#include "header.flux.h"

int Listen(Listen_out *out) {
  out->socket = 1;
  out->where.x = 2;
  return FLUX_STOP;
}

int Read(Read_in *in, Read_out *out) {
  out->bytes = 0;
  out->name = in->where.x ? "name" : 0;
  out->done = 0;
  return in->socket;
}

int Write(Write_in *in) { return in->done == 0 ? FLUX_E_NOMEM : 0; }
int Tick(void) { return 0; }
int Keep(Keep_in *in) { return in->socket; }
bool IsNamed(const char *value) { return value != 0; }
void Lost(Read_in *in, int error) { in->socket = error; }
void Late(int error) { (void)error; }
void Ended(Page_in *in, int error) { in->socket = error; }
int64_t PeerOf(Page_in *in) { return in->socket; }
int64_t HostOf(Keep_in *in) { return in->socket; }
