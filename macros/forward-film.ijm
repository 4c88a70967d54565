// Saves a film of an image that dissolves into noise: the forward process at chosen timesteps, each frame labelled.
//
// Argument: INPUT,OUTPUT. Without it, Sumi's example dissolves in film.tif, as seen from Sumi's folder.
// Runs in Fiji, in plain ImageJ 1.54 with Sumi's all-jar, and headless.

setBatchMode(true);
argument = getArgument();
if (argument == "") argument = "models/nuclei/example.tif,film.tif";
paths = split(argument, ",");
if (paths.length != 2) exit("The argument is \"" + argument + "\"; it must be INPUT,OUTPUT.");
if (!File.exists(paths[0])) exit("There is no file " + paths[0] + ".");
if (File.exists(paths[1])) exit(paths[1] + " exists already; move it, or choose another output.");

open(paths[0]);
original = getTitle();
film = replace(original, "(?i)\\.tiff?$", "") + "-film";
if (isOpen(film)) exit("Close " + film + " first, or the new one will have another title.");
run("DDPM Forward Diffusion...", "model=nuclei timesteps=0,25,50,100,200,300,500,700,999 seed=1");
selectImage(film);
saveAs("Tiff", paths[1]);
close();
selectImage(original);
close();
print("Saved " + paths[1]);
