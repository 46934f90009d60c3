// host_reader.h - the hosts of a settings file that are served in their own ways.
#ifndef WEB_SETTINGS_HOST_READER_H
#define WEB_SETTINGS_HOST_READER_H

#include "settings/table.h"

namespace web {

/// Reads [[host]]. What one does not say is as it is for all in `settings`, which has been read before.
void readHosts(Reading &reading, Table &table, Settings &settings);

} // namespace web

#endif // WEB_SETTINGS_HOST_READER_H
