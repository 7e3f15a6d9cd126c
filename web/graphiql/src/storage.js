// GraphiQL keeps its tabs in localStorage under fixed names, and localStorage belongs to an address and port. Names of
// our own keep the tabs of another program that once ran on this port from hiding our examples.
const NAMESPACE = 'rapporteur:';

const names = () => Object.keys(localStorage).filter(name => name.startsWith(NAMESPACE));

export const storage = {
  get length() {
    return names().length;
  },
  clear: () => names().forEach(name => localStorage.removeItem(name)),
  getItem: name => localStorage.getItem(NAMESPACE + name),
  removeItem: name => localStorage.removeItem(NAMESPACE + name),
  setItem: (name, value) => localStorage.setItem(NAMESPACE + name, value),
};
