#include "http/body.h"
#include "http/characters.h"
#include "http/request.h"

namespace flux::http {
namespace {

bool isText(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

} // namespace

BodyDecoder::BodyDecoder(const Request &request, uint64_t mostContent) : allowed(mostContent) {
  stage = request.framing == Framing::chunked ? Stage::size : request.contentLength != 0 ? Stage::fixed : Stage::done;
  if (stage != Stage::fixed)
    return;
  remaining = request.contentLength;
  if (remaining > allowed)
    why = Refusal::longBody;
}

BodyDecoder::State BodyDecoder::refuse(Refusal refusal) {
  why = refusal;
  return refused;
}

BodyDecoder::State BodyDecoder::next(std::string_view &data, std::string_view &piece) {
  if (why != Refusal::none)
    return refused;
  while (stage != Stage::done) {
    if (data.empty())
      return more;
    if (stage == Stage::fixed || stage == Stage::data) {
      piece = upTo(data, remaining);
      data.remove_prefix(piece.size());
      remaining -= piece.size();
      if (remaining == 0)
        stage = stage == Stage::fixed ? Stage::done : Stage::dataReturn;
      return content;
    }
    if (const Refusal refusal = step(data[0]); refusal != Refusal::none)
      return refuse(refusal);
    data.remove_prefix(1);
  }
  return end;
}

/// Takes a byte of what is no content.
Refusal BodyDecoder::step(char c) {
  switch (stage) {
  case Stage::size:
  case Stage::sizeDigits:
    return stepSize(c);
  case Stage::blanks:
  case Stage::extension:
    return stepExtension(c);
  case Stage::sizeFeed:
    return c == '\n' ? beginChunk() : Refusal::badChunkSize;
  case Stage::dataReturn:
    stage = Stage::dataFeed;
    return c == '\r' ? Refusal::none : Refusal::badChunkEnd;
  case Stage::dataFeed:
    stage = Stage::size;
    return c == '\n' ? Refusal::none : Refusal::badChunkEnd;
  default:
    return stepTrailer(c);
  }
}

Refusal BodyDecoder::stepSize(char c) {
  if (isIn(c, hexDigitSet)) {
    if (remaining > UINT64_MAX >> 4)
      return Refusal::longBody;
    remaining = (remaining << 4) | static_cast<unsigned>(valueOfDigit(c));
    stage = Stage::sizeDigits;
    // Zeros in front change nothing, and there is no end to them.
    return remaining == 0 && ++extensions > mostExtension ? Refusal::longChunkExtension : Refusal::none;
  }
  if (stage == Stage::size)
    return Refusal::badChunkSize;
  if (c == '\r') {
    stage = Stage::sizeFeed;
    return Refusal::none;
  }
  stage = Stage::blanks;
  return stepExtension(c);
}

/// BWS ";" and what is not looked at. Blanks without a semicolon are what others have read as an end.
Refusal BodyDecoder::stepExtension(char c) {
  if (stage == Stage::blanks && c != ';' && c != ' ' && c != '\t')
    return Refusal::badChunkSize;
  if (c == ';')
    stage = Stage::extension;
  if (c == '\r') {
    stage = Stage::sizeFeed;
    return Refusal::none;
  }
  if (!isText(c))
    return Refusal::badChunkExtension;
  return ++extensions > mostExtension ? Refusal::longChunkExtension : Refusal::none;
}

Refusal BodyDecoder::beginChunk() {
  if (remaining > allowed)
    return Refusal::longBody;
  allowed -= remaining;
  stage = remaining != 0 ? Stage::data : Stage::trailer;
  return Refusal::none;
}

/// Lines as those of a head, and an empty one.
Refusal BodyDecoder::stepTrailer(char c) {
  if (++trailers > mostTrailer)
    return Refusal::longTrailer;
  switch (stage) {
  case Stage::trailer:
    stage = c == '\r' ? Stage::lastFeed : Stage::trailerName;
    return c == '\r' || isIn(c, tokenSet) ? Refusal::none : Refusal::badTrailer;
  case Stage::trailerName:
    if (c == ':')
      stage = Stage::trailerValue;
    return c == ':' || isIn(c, tokenSet) ? Refusal::none : Refusal::badTrailer;
  case Stage::trailerValue:
    if (c == '\r')
      stage = Stage::trailerFeed;
    return c == '\r' || isText(c) ? Refusal::none : Refusal::badTrailer;
  case Stage::trailerFeed:
    stage = Stage::trailer;
    return c == '\n' ? Refusal::none : Refusal::badTrailer;
  default:
    stage = Stage::done;
    return c == '\n' ? Refusal::none : Refusal::badTrailer;
  }
}

} // namespace flux::http
