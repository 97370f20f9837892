using System.Buffers;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Finds a text in an object of texts, numbers and words, as one line of JSON; what is nested is not read.</summary>
/// <remarks>Utf8JsonReader throws on bad input, and a list may be nothing but bad input.</remarks>
internal ref struct FlatJson
{
    // Of numbers, true, false and null.
    private static readonly SearchValues<byte> WordLetters = SearchValues.Create("0123456789+-.eEtrufalsn"u8);

    private readonly ReadOnlySpan<byte> _text;
    private int _place;

    private FlatJson(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>False when the line is no such object; the value is empty when it has no text of this name.</summary>
    public static bool TryFind(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        var json = new FlatJson(line);
        if (!json.Takes((byte)'{'))
        {
            return false;
        }

        do
        {
            if (!json.TryReadText(out var key) || !json.Takes((byte)':') || !json.TryReadValue(out var found))
            {
                return false;
            }

            if (key.SequenceEqual(name))
            {
                value = found;
            }
        }
        while (json.Takes((byte)','));

        return json.Takes((byte)'}') && json.IsAtEnd();
    }

    private bool Takes(byte mark)
    {
        SkipBlanks();
        if (_place >= _text.Length || _text[_place] != mark)
        {
            return false;
        }

        _place++;
        return true;
    }

    private bool IsAtEnd()
    {
        SkipBlanks();
        return _place == _text.Length;
    }

    // No name or network that is looked for has an escape in it, so escapes are passed over, not resolved.
    private bool TryReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!Takes((byte)'"'))
        {
            return false;
        }

        for (var end = _place; end < _text.Length; end++)
        {
            if (_text[end] == '\\')
            {
                end++;
            }
            else if (_text[end] == '"')
            {
                text = _text[_place..end];
                _place = end + 1;
                return true;
            }
        }

        return false;
    }

    private bool TryReadValue(out ReadOnlySpan<byte> text)
    {
        text = default;
        SkipBlanks();
        if (_place < _text.Length && _text[_place] == '"')
        {
            return TryReadText(out text);
        }

        var length = _text[_place..].IndexOfAnyExcept(WordLetters);
        length = length < 0 ? _text.Length - _place : length;
        _place += length;
        return length > 0;
    }

    private void SkipBlanks()
    {
        while (_place < _text.Length && _text[_place] is (byte)' ' or (byte)'\t')
        {
            _place++;
        }
    }
}
