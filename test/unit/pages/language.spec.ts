import { Language, languageOf } from "../../../assembly/pages/language";
import { Bytes } from "../../../assembly/text/bytes";

function chosen(header: string): i32 {
  return languageOf(Bytes.of(header));
}

describe("languageOf", () => {
  test("takes what is wanted most", () => {
    expect(chosen("de")).toBe(Language.German);
    expect(chosen("en, de")).toBe(Language.English);
    expect(chosen("de, en")).toBe(Language.German);
    expect(chosen("en;q=0.5, de;q=0.8")).toBe(Language.German);
    expect(chosen("de;q=0.799,en;q=0.8")).toBe(Language.English);
    expect(chosen("de;q=0.8, en")).toBe(Language.English);
    expect(chosen("it-CH, it;q=0.9, de;q=0.2")).toBe(Language.German);
    expect(chosen("fr-CH, fr;q=0.9, de;q=0.2")).toBe(Language.French);
  });
  test("goes by the primary subtag, in any case", () => {
    expect(chosen("DE-at")).toBe(Language.German);
    expect(chosen("de-DE-1996")).toBe(Language.German);
    expect(chosen("deu, en;q=0.1")).toBe(Language.English);
    expect(chosen("de_DE")).toBe(Language.English);
    expect(chosen("es-419")).toBe(Language.Spanish);
    expect(chosen("pt-BR")).toBe(Language.Portuguese);
    expect(chosen("ja")).toBe(Language.Japanese);
    expect(chosen("zh-Hans-CN, en;q=0.5")).toBe(Language.Chinese);
    expect(chosen("z")).toBe(Language.English);
  });
  test("is English when nothing fits", () => {
    expect(chosen("")).toBe(Language.English);
    expect(chosen("nl, it;q=0.5")).toBe(Language.English);
    expect(chosen("de;q=0")).toBe(Language.English);
    expect(chosen("de;q=0.000, it")).toBe(Language.English);
  });
  test("lets * stand for what is not refused", () => {
    expect(chosen("*")).toBe(Language.English);
    expect(chosen("de;q=0.5, *")).toBe(Language.English);
    expect(chosen("de, *;q=0.5")).toBe(Language.German);
    expect(chosen("en;q=0, *")).toBe(Language.German);
    expect(chosen("en;q=0, de;q=0, *")).toBe(Language.Spanish);
  });
  test("reads several header values, and white space", () => {
    expect(chosen("nl\0de")).toBe(Language.German);
    expect(chosen(" nl ,\t de ; q=0.3 ,en;q=0.2")).toBe(Language.German);
  });
  test("passes over what cannot be read", () => {
    expect(chosen("de;q=")).toBe(Language.English);
    expect(chosen("de;q=1.001")).toBe(Language.English);
    expect(chosen("de;q=2, en;q=0.1")).toBe(Language.English);
    expect(chosen("de;q=0.5555")).toBe(Language.English);
    expect(chosen("de;q=0x1")).toBe(Language.English);
    expect(chosen("de;q=-1")).toBe(Language.English);
    expect(chosen("de;level=1")).toBe(Language.English);
    expect(chosen(",;,=;;q=1,-,*;;")).toBe(Language.English);
    expect(chosen(",,de,")).toBe(Language.German);
  });
});
