// Größe: /* 🚀 */
struct Image { /* é🚀 */ itn width; };
