export declare function enginePython(): string | undefined;
export declare function mayMount(): boolean;
