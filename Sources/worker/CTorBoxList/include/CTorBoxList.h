#ifndef CTORBOXLIST_H
#define CTORBOXLIST_H
#endif
