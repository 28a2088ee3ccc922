/** A WebRTC implementation for Node; empty in browsers. */
declare module "#rtc" {}
