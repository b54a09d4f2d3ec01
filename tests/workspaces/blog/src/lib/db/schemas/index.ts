export * from './auth';
export * from './categories';
export * from './comments';
export * from './enums';
export * from './post-categories';
export * from './post-daily-stats';
export * from './posts';
export * from './relations';
