export function padded(value) {
    return Math.floor(value);
}
