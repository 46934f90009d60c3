//===- WaitPoints.cpp - The points at which flows may wait for each other -----------------------------------------===//

#include "WaitPoints.h"
#include "llvm/ADT/Hashing.h"

using namespace mlir;
using namespace flux;

SmallVector<HeldLock> flux::inOrder(const Acquisition &acquisition, ArrayRef<unsigned> rank) {
  SmallVector<HeldLock> result(acquisition.taken.begin(), acquisition.taken.end());
  llvm::sort(result, [&](HeldLock a, HeldLock b) { return rank[a.lock] < rank[b.lock]; });
  return result;
}

static size_t hashOf(const WaitPoint &point) {
  llvm::hash_code hash = llvm::hash_combine(point.wanted.lock, unsigned(point.wanted.mode));
  for (ArrayRef<HeldLock> set : {ArrayRef(point.may), ArrayRef(point.must)})
    for (HeldLock held : set)
      hash = llvm::hash_combine(hash, held.lock, unsigned(held.mode));
  return hash;
}

void WaitPoints::add(unsigned index, llvm::function_ref<bool(unsigned)> isMember) {
  const Acquisition &acquisition = contexts.acquisitions()[index];
  LockSet may, must;
  for (HeldLock held : contexts.context(acquisition.context).must)
    must.push_back(held);
  for (HeldLock held : contexts.context(acquisition.context).may)
    if (contexts.isWritten(held.lock))
      may.push_back(held);
  auto holdsMember = [&](HeldLock held) { return isMember(held.lock); };
  for (HeldLock wanted : inOrder(acquisition, rank)) {
    bool isWritten = contexts.isWritten(wanted.lock), writes = wanted.mode == LockMode::Write;
    if (isWritten && isMember(wanted.lock) && (writes || llvm::any_of(may, holdsMember))) {
      WaitPoint point = {may, must, wanted, index};
      llvm::erase_if(point.may, [&](HeldLock held) { return held.lock == wanted.lock; });
      addPoint(std::move(point), isMember);
    }
    if (isWritten)
      strengthen(may, wanted);
    strengthen(must, wanted);
  }
}

void WaitPoints::addPoint(WaitPoint point, llvm::function_ref<bool(unsigned)> isMember) {
  size_t hash = hashOf(point);
  if (known.find(hash, [&](unsigned other) { return points[other] == point; }))
    return;
  known.add(hash);
  std::optional<unsigned> &later = againstOrder.emplace_back();
  for (HeldLock held : point.may) {
    if (!isMember(held.lock))
      continue;
    holdersOf[held.lock].push_back(points.size());
    if (!later && rank[held.lock] > rank[point.wanted.lock])
      later = held.lock;
  }
  if (point.wanted.mode == LockMode::Write)
    writersOf[point.wanted.lock].push_back(points.size());
  points.push_back(std::move(point));
}

bool WaitPoints::excludeEachOther(unsigned a, unsigned b, bool sameSession) const {
  return llvm::any_of(points[a].must, [&](HeldLock held) {
    if (isSession(held.lock) && !sameSession)
      return false;
    std::optional<LockMode> other = modeOf(points[b].must, held.lock);
    return other && conflict(held.mode, *other);
  });
}

bool WaitPoints::isSession(unsigned lock) const {
  return LockOp(contexts.locks()[lock]).getScope() == LockScope::Session;
}
