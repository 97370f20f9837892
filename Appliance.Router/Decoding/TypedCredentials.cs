namespace Appliance.Router.Decoding;

/// <summary>What a client is typing, and the name that it gave before, until the password is judged; neither leaves this place.</summary>
internal struct TypedCredentials
{
    public TypedText Line;
    private TypedText _name;

    /// <summary>The line is a name.</summary>
    public void TakeName()
    {
        _name.Wipe();
        _name = Line;
        Line.Wipe();
    }

    /// <summary>The line is a name behind a word of the given length.</summary>
    public void TakeName(int wordLength)
    {
        _name.Wipe();
        foreach (var value in Line.Bytes[wordLength..])
        {
            _name.Add(value);
        }

        Line.Wipe();
    }

    /// <summary>The line is a password behind a word of the given length: whether it and the name are a default that makers ship.</summary>
    public bool TakePassword(int wordLength = 0)
    {
        var isDefault = !_name.IsEmpty && !_name.IsTooLong && !Line.IsTooLong && DefaultCredentials.Contains(_name.Bytes, Line.Bytes[wordLength..]);
        Line.Wipe();
        return isDefault;
    }

    public void Wipe()
    {
        Line.Wipe();
        _name.Wipe();
    }
}
