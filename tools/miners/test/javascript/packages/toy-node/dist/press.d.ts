export type PrintOptions = {
    /** Defaults to `2`. */
    copies?: number;
    paper?: number | "auto" | "burning" | "A4";
    ink?: string;
    margins?: {
        left?: number;
        right?: number;
    };
    font?: string;
    pages?: Array<{
        from: number;
    }>;
    width?: {
        min: number;
        max: number;
    };
    jam?: boolean;
    onDone?: () => void;
};
