namespace Appliance.Hosting.Updates;

/// <summary>Names that updates have in events and health.</summary>
internal static class UpdateWords
{
    /// <summary>Part of the events about an update.</summary>
    public const string Part = "update";

    /// <summary>Part of the role's health that says what it runs on.</summary>
    public const string Image = "image";
}
