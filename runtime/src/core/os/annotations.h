/// annotations.h - clang's thread-safety attributes, nothing for other compilers.
#ifndef FLUX_CORE_OS_ANNOTATIONS_H
#define FLUX_CORE_OS_ANNOTATIONS_H

#ifdef __clang__
#define FLUX_ATTRIBUTE(X) __attribute__((X))
#else
#define FLUX_ATTRIBUTE(X)
#endif

#define FLUX_CAPABILITY(NAME) FLUX_ATTRIBUTE(capability(NAME))
#define FLUX_SCOPED_CAPABILITY FLUX_ATTRIBUTE(scoped_lockable)
#define FLUX_GUARDED_BY(M) FLUX_ATTRIBUTE(guarded_by(M))
#define FLUX_REQUIRES(...) FLUX_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define FLUX_EXCLUDES(...) FLUX_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define FLUX_ACQUIRE(...) FLUX_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define FLUX_RELEASE(...) FLUX_ATTRIBUTE(release_capability(__VA_ARGS__))

#endif // FLUX_CORE_OS_ANNOTATIONS_H
