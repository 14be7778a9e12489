/**
 * What is no JSON, RFC 8259, at the end of an object that is well formed up to there: each but for one character. Read
 * by us and not by others, or the other way round, it would say two things.
 */

/** Name -> what stands in place of the object's closing brace. */
export const BROKEN_JSON: Record<string, string> = {
  "no closing brace": "",
  "a bracket in its place": "]",
  "two closing braces": "}}",
  "a comma before it": ",}",
  "two commas": ',,"x":1}',
  "no comma": ' "x":1}',
  "a comment": "/**/}",

  "a member without a name": ",:1}",
  "a member without a name, behind a text": ',"x":"y",:2}',
  "a name without quotes": ",x:1}",
  "a name without its first quote": ',x":1}',
  "a name in single quotes": ",'x':1}",
  "a name that is a number": ",1:2}",
  "a name that does not end": ',"x}',
  "a name with a broken escape": ',"x\\:1}',
  "a name without a colon": ',"x" 1}',
  "a name without a value": ',"x"}',
  "an equals sign for a colon": ',"x"=1}',
  "an object behind a name": ',"x"{}}',

  "no value": ',"x":}',
  "no value, and another member": ',"x":,"y":1}',
  "a text that ends with the line": ',"x":"a\n}',
  "a text in two lines": ',"x":"a\nb"}',
  "a text that does not end": ',"x":"a}',
  "an escape that is none": ',"x":"\\x}',
  "an escape of two digits": ',"x":"\\u12}',
  "half a surrogate": ',"x":"\\ud800}',

  "a sign alone": ',"x":-}',
  "a sign before a point": ',"x":-.5}',
  "a plus sign": ',"x":+1}',
  "a leading zero": ',"x":01}',
  "no digit before the point": ',"x":.5}',
  "no digit behind the point": ',"x":1.}',
  "no digit between point and exponent": ',"x":1.e3}',
  "an empty exponent": ',"x":1e}',
  "an exponent of a sign": ',"x":1e+}',
  "a hexadecimal number": ',"x":0x1}',
  "half a word": ',"x":tru}',
  "a word in another case": ',"x":Null}',
  "no number": ',"x":NaN}',

  "a list with a comma at the end": ',"x":[1,]}',
  "a list with a comma at the start": ',"x":[,1]}',
  "a list that does not end": ',"x":[1}',
  "an object that does not end": ',"x":{"y":1}',
  "an object that ends as a list": ',"x":{"y":1]}',
  "a list that ends as an object": ',"x":[1}}',
};
