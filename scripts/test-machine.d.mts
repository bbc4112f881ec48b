export declare function enginePython(): string | undefined;
export declare function mayMount(): boolean;
export declare function mayFreezeFiles(): boolean;
export declare function mayStartDocker(): boolean;
export declare function hasEngine(engine: string): boolean;
