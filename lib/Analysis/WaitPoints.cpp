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

void WaitPoints::add(unsigned index) {
  const Acquisition &acquisition = contexts.acquisitions()[index];
  const LockContext &context = contexts.context(acquisition.context);
  HeldLocks must = context.must, may = context.may & contexts.writtenLocks();
  for (HeldLock wanted : inOrder(acquisition, rank)) {
    bool isWritten = contexts.isWritten(wanted.lock), writes = wanted.mode == LockMode::Write;
    if (isWritten && members.contains(wanted.lock) && (writes || !(may & members).empty())) {
      WaitPoint point = {may, must, wanted, index};
      point.may.erase(wanted.lock);
      addPoint(std::move(point));
    }
    if (isWritten)
      may.strengthen(wanted);
    must.strengthen(wanted);
  }
}

void WaitPoints::addPoint(WaitPoint point) {
  size_t hash = llvm::hash_combine(point.wanted.lock, unsigned(point.wanted.mode), point.may, point.must);
  if (known.find(hash, [&](unsigned other) { return points[other] == point; }))
    return;
  known.add(hash);
  std::optional<unsigned> &later = againstOrder.emplace_back();
  HeldLocks holds = point.may & members;
  for (HeldLock held : holds) {
    holdersOf[held.lock].push_back({unsigned(points.size()), held.mode});
    if (!later && rank[held.lock] > rank[point.wanted.lock])
      later = held.lock;
  }
  if (point.wanted.mode == LockMode::Write)
    writersOf[point.wanted.lock].push_back(points.size());
  mustOfProgram.push_back(point.must & ofProgram);
  points.push_back(std::move(point));
}

bool WaitPoints::excludeEachOther(unsigned a, unsigned b, bool sameSession) const {
  return (sameSession ? points[a].must : mustOfProgram[a]).conflictsWith(points[b].must);
}
