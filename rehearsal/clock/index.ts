export { writeClockPrograms } from './programs';
export { type ClockService, type ClockServiceOptions, serveClock } from './serve-clock';
export { VirtualClock } from './virtual-clock';
export { writeClockPreload } from './write-preload';
