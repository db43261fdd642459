#include "CTorBoxList.h"
