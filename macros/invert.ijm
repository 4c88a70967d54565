// Prints how near the middle of an image comes back from the noise that DDIM makes of it, for several numbers of steps.
//
// Argument: INPUT,SIZE,STEPS,STEPS,... Without it, a held-out image of nuclei with 20 to 200 steps, as seen from Sumi's folder.
// Runs in Fiji, in plain ImageJ 1.54 with Sumi's all-jar, and headless.

setBatchMode(true);
argument = getArgument();
if (argument == "") argument = "models/nuclei/testset/2d53d7ec0c579fff.png,64,20,50,100,200";
parts = split(argument, ",");
if (parts.length < 3) exit("The argument is \"" + argument + "\"; it must be INPUT,SIZE,STEPS.");
if (!File.exists(parts[0])) exit("There is no file " + parts[0] + ".");

open(parts[0]);
size = parseInt(parts[1]);
makeRectangle(floor((getWidth() - size) / 2), floor((getHeight() - size) / 2), size, size);
run("Crop");
rename("crop");
for (i = 2; i < parts.length; i++) {
    selectImage("crop");
    run("DDPM Invert...", "model=nuclei steps=" + parts[i]);
    selectImage("crop-inverted");
    info = getMetadata("Info");
    lines = split(info, "\n");
    for (k = 0; k < lines.length; k++) {
        if (startsWith(lines[k], "Sumi round trip: ")) print(parts[i] + " steps: " + lines[k]);
    }
    close();
    selectImage("crop-latent");
    close();
}
selectImage("crop");
close();
