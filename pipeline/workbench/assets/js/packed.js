// Columns of numbers as the server packs them: header length, header in JSON, arrays at multiples of eight.

const TYPES = {
  int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array,
  int32: Int32Array, uint32: Uint32Array, float32: Float32Array, float64: Float64Array,
};

export function unpack(buffer) {
  const size = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const out = { facts: head.facts };
  for (const [name, type, length, offset] of head.columns) out[name] = new TYPES[type](buffer, 4 + size + offset, length);
  return out;
}

// First place in a growing array whose value is at least x.
export function lowerBound(values, x, low = 0, high = values.length) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < x) low = middle + 1; else high = middle;
  }
  return low;
}
